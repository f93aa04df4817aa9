package io.dropblock.spark.data.source;

import java.awt.BasicStroke;
import java.awt.Graphics2D;
import java.awt.Polygon;
import java.util.Locale;

/** Shapes that are told apart by their form alone. */
enum DrawnShape {
  CIRCLE {
    @Override
    void draw(Graphics2D graphics) {
      graphics.fillOval(-90, -90, 180, 180);
    }
  },
  CROSS {
    @Override
    void draw(Graphics2D graphics) {
      graphics.fillRect(-25, -95, 50, 190);
      graphics.fillRect(-95, -25, 190, 50);
    }
  },
  RING {
    @Override
    void draw(Graphics2D graphics) {
      graphics.setStroke(new BasicStroke(35));
      graphics.drawOval(-75, -75, 150, 150);
    }
  },
  SQUARE {
    @Override
    void draw(Graphics2D graphics) {
      graphics.fillRect(-75, -75, 150, 150);
    }
  },
  STRIPES {
    @Override
    void draw(Graphics2D graphics) {
      graphics.fillRect(-90, -90, 180, 36);
      graphics.fillRect(-90, -18, 180, 36);
      graphics.fillRect(-90, 54, 180, 36);
    }
  },
  TRIANGLE {
    @Override
    void draw(Graphics2D graphics) {
      graphics.fillPolygon(new Polygon(new int[] {0, 95, -95}, new int[] {-100, 70, 70}, 3));
    }
  };

  /** Its name as a class. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Fills it into the square of side 200 around the origin. */
  abstract void draw(Graphics2D graphics);
}
